// Package value says what stakes are worth, to whom, and what was gained or lost on them:
// look-through values of companies that hold one another, exchange rates by day, gains by
// lot, rates of return and tests of impairment.
//
// # Companies that hold one another
//
// Market values count a business once for its owner and again for each company that holds
// shares of the owner. NewLookThrough takes the price of each company's shares, or the value
// of its own business, and computes the other of the two. With C the part of each company
// that companies of the book hold, gross values are v = p + C·v, so that v = (I-C)^-1·p, and
// what owners outside hold of them adds up to the own values p exactly (Brioschi, Buzzacchi
// and Colombo, 1989; Elliott, Golub and Jackson, 2014).
//
//	l, err := value.NewLookThrough(ctx, a, value.Figures{Market: market})
//	renault, err := l.Of("renault")
//	stub, err := renault.Own() // market value less the stakes; it can be negative
//
// # Exchange rates
//
// NewRates checks rates by day and pair: rates that contradict one another by more than a
// stated spread are a fault. Convert uses the rate of the pair, or a route that the caller
// states, and says which rates it used.
//
// # Stakes
//
// An Account is one set of books of one position: purchases, sales and dividends, with the
// gain of each lot in its own currency and in that of the account. Several accounts show how
// one sale is a gain in one set of books and a loss in another. XIRR finds all annual rates
// of return of dated payments.
//
// # Impairment
//
// An ImpairmentRule holds the parameters of a standard or a practice with their source, and
// Test applies it to a stake.
//
// Figures are exact fractions. Nothing is rounded but the rates of return of XIRR, which are
// correctly rounded to the places that the caller asks for.
package value
