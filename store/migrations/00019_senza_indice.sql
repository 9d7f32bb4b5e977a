-- +goose Up
-- No query looks for activities by their deadline: what is due is worked out of an ente's whole plan.
DROP INDEX attivita_aperte;
