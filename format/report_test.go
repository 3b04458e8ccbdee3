package format_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format"
)

func TestNotesAreBounded(t *testing.T) {
	var n format.Notes
	for i := range 5000 {
		n.Add(i+1, "ceased", "%s has ceased", strings.Repeat("x", 10_000))
	}
	n.Add(0, "other", "a\nb\u202e")
	require.Len(t, n.List, 1000)
	require.Equal(t, 4001, n.More)
	require.Equal(t, 5001, n.Len())
	require.Equal(t, map[string]int{"ceased": 5000, "other": 1}, n.Counts)
	require.Less(t, len(n.List[0].Text), 300)
}

func TestNotesOnOneLine(t *testing.T) {
	var n format.Notes
	n.Add(3, "x", "a\nb%s", "\u202e")
	require.Equal(t, "line 3: a?b?", n.List[0].String())
}

func TestReportString(t *testing.T) {
	r := format.Report{Lines: 8, Read: 5}
	require.Equal(t, "5 of 8 lines read", r.String())
	r.Dropped.Add(1, "future", "later")
	r.Dropped.Add(2, "ceased", "gone")
	r.Dropped.Add(3, "ceased", "gone")
	r.Conflicts.Add(4, "twice", "two")
	require.Equal(t, "5 of 8 lines read; dropped: 2 ceased, 1 future; conflicts: 1 twice", r.String())
}

func TestReportJSON(t *testing.T) {
	text, err := json.Marshal(format.Report{Lines: 2})
	require.NoError(t, err)
	empty := `{"list":[],"more":0,"counts":{}}`
	require.JSONEq(t, `{"lines":2,"read":0,"guessed":`+empty+`,"dropped":`+empty+`,"conflicts":`+empty+`}`, string(text))
}

func TestFaultsAreBounded(t *testing.T) {
	var f format.Faults
	require.NoError(t, f.Err())
	for i := range 1_000_000 {
		f.Add(i+1, crossholding.ErrRange, "share %d", i)
	}
	var e *crossholding.InputError
	require.True(t, errors.As(f.Err(), &e))
	require.Len(t, e.Faults, 1000)
	require.Equal(t, 999_000, e.More)
	require.Equal(t, "line 1000", e.Faults[999].Place)
}

func ExampleNotes_Add() {
	var r format.Report
	r.Dropped.Add(4, "ceased", "%s ceased to control %s on %s", "Parent Ltd", "00000001", "2022-05-06")
	fmt.Println(r.Dropped.List[0], r.Dropped.Counts, r.Dropped.Len())
	// Output: line 4: Parent Ltd ceased to control 00000001 on 2022-05-06 map[ceased:1] 1
}

func ExampleNotes_CountIfFull() {
	var ended format.Notes
	for line := 1; line <= 1500; line++ {
		if !ended.CountIfFull("ceased") {
			ended.Add(line, "ceased", "00000001: an owner ceased on %s", "2020-01-02")
		}
	}
	fmt.Println(len(ended.List), ended.More, ended.Counts["ceased"], ended.List[999])
	// Output: 1000 500 1500 line 1000: 00000001: an owner ceased on 2020-01-02
}

func ExampleFaults() {
	var f format.Faults
	f.Add(4, crossholding.ErrRange, "%s%% is above 100%%", "105")
	fmt.Println(f.Err())
	// Output: crossholding: line 4: 105% is above 100%
}

func ExampleFaults_AddRecord() {
	var r format.Report
	f := format.Faults{Dropped: &r.Dropped}
	f.AddRecord(4, crossholding.ErrRange, "%s%% is above 100%%", "105")
	fmt.Println(f.Err(), r.Dropped.List[0])
	// Output: <nil> line 4: 105% is above 100%
}
