// Package clearing values firms that owe one another and own one another's shares: what each
// firm can pay, what its shares are worth, who defaults, and what default costs. It uses no
// share register and no book.
//
// An [Input] lists the firms with their external assets, their debts by creditor and
// seniority, and who holds whose shares. [New] checks it. [System.Clear] finds the values
// that are consistent with one another:
//
//	s, err := clearing.New(clearing.Input{
//		Firms: []clearing.Firm{{Name: "a", Assets: ratio.Int(10)}, {Name: "b"}},
//		Debts: []clearing.Debt{{Debtor: "a", Creditor: "b", Amount: ratio.Int(15)}},
//	})
//	c, err := s.Clear(ctx, clearing.Options{})
//	fmt.Println(c.Unique, c.Greatest.Firms[1].Equity)
//
// # The model
//
// A firm's assets are its external assets, what it receives from its debtors, and the value of
// the shares that it holds. The firm pays its debts in the order of seniority (absolute
// priority). Creditors of one seniority share in proportion to what they are owed. The
// shareholders get what remains, and never less than 0 (limited liability). A firm defaults
// if its assets are less than its debts.
//
//   - Debts of one seniority and no holdings: Eisenberg and Noe, Systemic Risk in Financial
//     Systems, Management Science 47 (2001).
//   - Holdings of shares and of debt: Suzuki, Valuing Corporate Debt: The Effect of
//     Cross-Holdings of Stock and Debt, Journal of the Operations Research Society of Japan 45
//     (2002).
//   - Holdings of shares and seniorities: Elsinger, Financial Networks, Cross Holdings, and
//     Limited Liability, OeNB Working Paper 156 (2009), and Fischer, No-Arbitrage Pricing under
//     Systemic Risk, Mathematical Finance 24 (2014), here without derivatives.
//   - Costs of default: Rogers and Veraart, Failure and Rescue in an Interbank Network,
//     Management Science 59 (2013). [Costs] holds what is lost, so their alpha is 1 minus
//     External, and their beta is 1 minus Claims.
//
// Of these papers the abstracts, and programs that follow them, were read when this was
// written. The equations of the papers themselves were not verified.
//
// [Contagion] is the other model, in which a failure costs a fixed amount and values are
// linear: Elliott, Golub and Jackson, Financial Networks and Contagion, American Economic
// Review 104 (2014).
//
// # Greatest and least values
//
// The values need not be unique. There are always a greatest and a least solution: in the one every
// firm has the most that it has in any solution, in the other the least. Costs of default can make
// default a self-fulfilling event, and firms that owe only one another can pay one another anything.
// [Clearing.Unique] compares the two solutions.
//
// # Algorithms
//
// A regime says in which seniority each firm's money ends, and who bears costs of default. In
// one regime the values solve a linear system. The package walks through regimes in an order
// that cannot repeat, solves each one, and stops at the regime that confirms itself. So it
// ends after finitely many steps with the exact values, and has no tolerance.
//
// For the greatest solution it starts where everybody pays, and the defaults come in waves; see
// [Solution.Waves]. For the least it starts where nobody pays. The values are exact fractions,
// or decimals that are each the exact value correctly rounded; see [Options.Places].
package clearing
