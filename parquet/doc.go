// Package parquet reads share registers from Apache Parquet files, and writes answers about
// registers to them: owners, holdings, interests and pairs of control.
//
// [ReadRegister] reads a file of companies and a file of stakes. It is
// [crossholding.ReadRegister] for another form of the same files: the same columns, rules and
// errors. Other names of columns are given in [Columns].
//
// [WriteInterests] writes a list of interests, such as all owners above a threshold,
// [WriteRow] the owners of one company or the holdings of one owner, and [WriteControl] pairs of
// controller and company. A figure is a DECIMAL, which is the exact figure rounded to the stated
// places. So DuckDB, Polars, Spark and pandas read it as a number, and never as a float.
//
// Work that can take long takes a context first, and ends within a batch of rows after the
// context is done. A nil context means context.Background(). Errors begin with "parquet: " and
// unwrap to those of package crossholding, or to [ErrFormat].
//
// Parquet packs equal values, so a small file can hold very many rows, and a page is unpacked as a
// whole: up to 2 GiB for each column. Give a process that reads files of strangers a limit of
// memory.
//
// The files are read and written with github.com/parquet-go/parquet-go. Package parquet is a
// module of its own, so the library itself does not need it.
package parquet
