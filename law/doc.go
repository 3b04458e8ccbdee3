// Package law is rules of law on votes and stakes, as data: a [Statute] says which
// votes of one company in another are suspended, a [Threshold] at which size of a
// stake something must be done.
//
// The package holds the built-in tables, and what a rule says by itself: whom it
// reaches on which day, and when its test is met. It counts no votes: the questions
// about a network of companies are those of package crossholding.
package law
