// Package beam answers questions about share registers that do not fit one machine, as pipelines
// of Apache Beam: who controls whom, and what some owners have of every company. It also makes
// simulations and sweeps by shards. The answers are those of the library on one machine, byte for
// byte, whatever the number of shards, files and bundles.
//
// [Solve] runs pipelines one after another. Their phases divide companies and holders into
// shards by a hash of the id, and send records in blocks through a GroupByKey on the shard. What
// pipelines leave for one another lies in files in a folder. A block that comes twice, because a
// bundle was tried again, counts once.
//
//  1. Each file is read by one worker. Each shard checks its companies, and the stakes in them,
//     with [crossholding.ReadRegister], so rules and errors are those of the library.
//  2. Companies that hold one another form components. Outside owners connect nothing, because no
//     answer goes through them. If the edges of all shards, each reduced to a forest, fit one
//     worker, it joins them. Otherwise rounds of large and small stars do, until every company
//     is joined to the least of its component (Kiveris, Lattanzi, Mirrokni, Rastogi and
//     Vassilvitskii, Connected Components in MapReduce and Beyond, 2014; their bound on rounds
//     was not verified here). The last round checks that nothing changes.
//  3. Components that fit are packed into bins, and a worker solves each bin as a register.
//  4. A larger component is divided by levels of its condensation. One worker gets the links
//     among its companies, which are two ids each, finds the strongly connected components, and
//     joins as many levels into a slab as leave its pieces small enough. Slabs are solved one
//     after another, each piece as a register.
//  5. If companies that own one another, or the stakes in one company, do not fit, control of
//     their component is found by rounds of joins: pairs of control with the votes of the
//     companies under control, until a round finds no new pair. Holdings fail there with
//     [crossholding.ErrTooLarge].
//
// From slab to slab goes what is known of the holders. For control, a controller acts together
// with the companies of earlier slabs that it controls, which is a group of the library. For
// holdings, an owner's part of a holder becomes a stake of the owner in what the holder holds.
// Parts are bounds of 40 decimals, and stakes bounds of 30 decimals of a share, so each piece is
// solved twice, and the exact figure lies between. If both bounds round to the same decimal, it
// is the answer. If they do not, which takes an exact figure within about 10^-30 of a tie between
// two decimals, [Solve] fails with [ErrUndecided] and names the figure and its bounds.
//
// Only the Prism runner in one process was run, with files of the local disk. README.md has the
// flags for Flink, Spark and Dataflow.
package beam
