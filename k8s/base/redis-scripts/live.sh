#!/bin/sh
# Liveness: any answer is life, to the keeper within the last seconds or to us, and so is a start that waits and says for what. LOADING,
# BUSY or MASTERDOWN are no reason for a restart, nor is another member's death.
RUN=${REDIS_RUN:-/tmp}
read -r up _ < /proc/uptime
for file in waiting state; do
  [ -e "$RUN/$file" ] && read -r at _ < "$RUN/$file" || continue
  age=$((${up%.*} - at))
  if [ $age -ge 0 ] && [ $age -le 3 ]; then exit 0; fi
done

. "$(dirname "$0")/lib.sh"
reply=$(ask "$LOCAL" PING)
[ -n "$reply" ] || fail "no answer to PING"
