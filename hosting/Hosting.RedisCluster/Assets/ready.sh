#!/bin/sh
# Readiness: in a cluster that serves all slots and, as a replica, in step with the master; not as a spare one that a master is
# waiting for, or a rolling update would go on while that master has nobody to hand over to. The probe's failureThreshold
# has to outlast a failover (node timeout and election), or one dead master would empty the client Service.
. "$(dirname "$0")/lib.sh"
[ ! -e "$DATA/retired" ] || fail "retired: about to leave the cluster"

# Asked every other second in every pod: few processes, and an end well before the kubelet's.
REDIS_ASK_TIMEOUT=2
reason=$(printf 'CLUSTER INFO\nINFO replication\nCLUSTER NODES\n' | ask "$LOCAL" | awk -v wanted="$(replicas)" '
  { sub(/\r$/, "") }
  /^(cluster_state|cluster_slots_assigned|role|master_link_status):/ { split($0, pair, ":"); is[pair[1]] = pair[2] }
  NF >= 8 && length($1) == 40 && $3 !~ /fail|handshake|noaddr/ {
    if ($3 ~ /myself/) spare = $3 ~ /master/ && NF == 8
    if ($3 ~ /master/ && NF > 8) owner[$1] = 1
    if ($3 ~ /slave/) has[$4]++
  }
  END {
    for (id in owner) if (has[id] < wanted) lacking = 1
    if (is["cluster_state"] != "ok") print "cluster_state:" is["cluster_state"] ", " is["cluster_slots_assigned"] + 0 " slots assigned"
    else if (is["cluster_slots_assigned"] != 16384) print is["cluster_slots_assigned"] " of 16384 slots assigned"
    else if (is["role"] == "slave" && is["master_link_status"] != "up") print "link to the master: " is["master_link_status"]
    else if (spare && lacking) print "not yet the replica that a master lacks"
  }')
[ -z "$reason" ] || fail "$reason"
