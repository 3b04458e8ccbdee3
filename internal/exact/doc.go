// Package exact computes ownership through networks of companies, exactly or with
// certified rounding. It knows companies only as numbers.
package exact
