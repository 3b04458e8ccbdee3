// Package crossholding answers, exactly, who owns what, who can vote, who
// controls whom, what changes if shares move and what a stake is worth, in
// groups of companies that hold one another's shares.
package crossholding
