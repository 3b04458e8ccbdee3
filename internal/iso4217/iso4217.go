// Package iso4217 says how many decimals the amounts of a currency have.
package iso4217

// MinorUnits returns the number of decimals of a currency's smallest unit by ISO
// 4217: 2, but for the currencies that have none, 3 or 4.
func MinorUnits(currency string) int {
	if n, ok := exceptions[currency]; ok {
		return n
	}
	return 2
}

var exceptions = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
	"RWF": 0, "UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
	"CLF": 4, "UYW": 4,
}
