#!/bin/sh
# Liveness: any answer is life. LOADING, BUSY or MASTERDOWN are no reason for a restart, nor is another member's death.
. "$(dirname "$0")/lib.sh"
reply=$(ask "$LOCAL" PING)
[ -n "$reply" ] || fail "no answer to PING"
