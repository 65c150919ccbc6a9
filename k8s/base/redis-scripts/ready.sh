#!/bin/sh
# Readiness. The keeper asks the member every second and leaves its judgement in a file, and a start that waits leaves its reason;
# kubelets ask here every other second in every pod, so nothing is started as long as one of them is fresh. The probe's failureThreshold
# has to outlast a failover (node timeout and election), or one dead master would empty the client Service.
RUN=${REDIS_RUN:-/tmp}
if [ -e "${REDIS_DATA:-/data}/retired" ]; then echo "${0##*/}: retired: about to leave the cluster" >&2; exit 1; fi
read -r up _ < /proc/uptime
for file in waiting state; do
  [ -e "$RUN/$file" ] && read -r at reason < "$RUN/$file" || continue
  age=$((${up%.*} - at))
  if [ $age -lt 0 ] || [ $age -gt 3 ]; then continue; fi
  [ -n "$reason" ] || exit 0
  echo "${0##*/}: $reason" >&2; exit 1
done

. "$(dirname "$0")/lib.sh"
# An end well before the kubelet's.
REDIS_ASK_TIMEOUT=2
topology
reason=$(printf '%s\n' "$SELDOM$QUESTIONS" | ask "$LOCAL" | { listen; vacancies; judge; echo "$reason"; })
[ -z "$reason" ] || fail "$reason"
