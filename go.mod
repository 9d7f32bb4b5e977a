module github.com/scadenzario/scadenzario

go 1.26
