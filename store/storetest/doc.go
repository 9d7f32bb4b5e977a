// Package storetest gives a test a migrated database of its own on a real
// Postgres, in some ten milliseconds.
//
// Only tests call it. A package that does has in one of its test files
//
//	func TestMain(m *testing.M) { storetest.Main(m) }
//
// and then asks New in each test. The first one who asks starts a private server
// (store/local) in a temporary folder and migrates a template; each test gets a
// copy of it, so tests may run in parallel and in any order. Main ends the server
// and leaves nothing behind. Several packages may be tested at once: each test
// process has a server of its own.
package storetest
