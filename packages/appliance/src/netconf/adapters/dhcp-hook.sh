#!/bin/sh
# Called by udhcpc (event as first argument) and dhclient (event in $reason): tells their facts to the network helper over the pipe
# that standard output is. Changes nothing. A record is a list of NUL-ended NAME=VALUE, with an empty one at its end.
printf 'event=%s\0' "$1"
env -0
printf '\0'
