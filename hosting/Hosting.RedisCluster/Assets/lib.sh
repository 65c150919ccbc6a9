# Read by the other scripts: who am I, how do I ask a member, what does the cluster look like.
# POSIX sh; runs in the Debian and in the Alpine variant of the official image (redis-cli, awk, getent, timeout).
set -u

: "${POD_NAME:?}" "${POD_NAMESPACE:?}" "${REDIS_SET:?}" "${REDIS_SERVICE:?}"
DATA=${REDIS_DATA:-/data}
RUN=${REDIS_RUN:-/tmp}
PORT=${REDIS_PORT:-6379}
LOCAL=${REDIS_LOCAL:-127.0.0.1}
TOPOLOGY=${REDIS_TOPOLOGY:-/etc/redis-topology}
SET=$REDIS_SET
ORDINAL=${POD_NAME##*-}
DOMAIN=$REDIS_SERVICE.$POD_NAMESPACE

say() { echo "${0##*/}: $*"; }
fail() { echo "${0##*/}: $*" >&2; exit 1; }

CR=$(printf '\r')
NL='
'

# A Secret made by `echo pw | base64` ends in a line break, which clients drop from their connection strings: so does everybody here.
if [ -n "${REDIS_PASSWORD_FILE:-}" ]; then REDIS_PASSWORD=$(cat "$REDIS_PASSWORD_FILE"); fi
unbroken() { case $1 in *"$NL") set -- "$(printf %s "$1")"; set -- "${1%"$CR"}" ;; esac; printf %s "$1"; }
PASSWORD=$(unbroken "${REDIS_PASSWORD:-}")
[ -n "$PASSWORD" ] || fail "no password: set REDIS_PASSWORD_FILE or REDIS_PASSWORD (usually the Secret is missing its key)"
export REDISCLI_AUTH="$PASSWORD"

# ask HOST [COMMAND...]: one command, or one per line of the standard input; never hangs.
ask() {
  ask_host=$1; shift
  timeout "${REDIS_ASK_TIMEOUT:-5}" redis-cli -h "$ask_host" -p "$PORT" "$@" 2>/dev/null
}

# field NAME: the value of a "name:value" line of INFO or CLUSTER INFO.
field() { tr -d '\r' | sed -n "s/^$1://p"; }

# The wanted size. It is read each time: the mounted ConfigMap changes while we run, and no pod is rolled for it.
# shellcheck disable=SC2034 # SHARDS is for the other scripts
topology() {
  read -r SHARDS < "$TOPOLOGY/shards" || :
  read -r REPLICAS < "$TOPOLOGY/replicasPerShard" || :
  SIZE=$((SHARDS * (1 + REPLICAS)))
}

name_of() { echo "$SET-$1.$DOMAIN"; }

# Peers are looked up by their short name: the namespace is the resolver's business. Where pods have addresses of two families,
# members announce the first: peers are met at the address of that family.
case ${POD_IP:-} in *:*) FAMILY=ahostsv6 ;; '') FAMILY=ahosts ;; *) FAMILY=ahostsv4 ;; esac
address_of() { getent $FAMILY "$SET-$1.$REDIS_SERVICE" | awk '$1 !~ /^::ffff:/ { print $1; exit }'; }

# nodes HOST: that member's view, one line per node:
#   id ip ordinal flags master link slots ranges        ordinal "-": not a member of this set; ranges "-" or "0-5460,9000"
# CLUSTER NODES has: id ip:port@bus,hostname flags master ping pong epoch link slot slot-slot [slot->-importing]...
nodes() { ask "$1" CLUSTER NODES | table_of; }
table_of() {
  tr -d '\r' | awk -v set="$SET-" -v domain=".$DOMAIN" '
    NF >= 8 {
      split($2, at, ","); ip = at[1]; sub(/:[0-9]+@[0-9]+$/, "", ip)
      ordinal = "-"; rest = substr(at[2], length(set) + 1); digits = rest; sub(/[.].*$/, "", digits)
      if (index(at[2], set) == 1 && rest == digits domain && digits ~ /^[0-9]+$/) ordinal = digits
      slots = 0; ranges = ""
      for (i = 9; i <= NF; i++) if ($i !~ /^\[/) {
        n = split($i, range, "-"); slots += n == 2 ? range[2] - range[1] + 1 : 1
        ranges = ranges (ranges == "" ? "" : ",") $i
      }
      print $1, ip == "" ? "-" : ip, ordinal, $3, $4, $8, slots, ranges == "" ? "-" : ranges
    }'
}

# live: keeps the nodes that answer.
live() { awk '$4 !~ /fail|handshake|noaddr/ && ($6 == "connected" || $4 ~ /myself/)'; }

# covering FIRST [LAST]: the id of the first node that owns a slot from FIRST to LAST.
covering() {
  awk -v first="$1" -v last="${2:-$1}" '{
    n = split($8, part, ","); for (i = 1; i <= n; i++) if (part[i] != "-") {
      if (split(part[i], range, "-") == 1) range[2] = range[1]
      if (range[1] <= last && range[2] >= first + 0) { print $1; exit } } }'
}

# owners HOST: which node owns which slots, in an order to compare views by.
owners() { nodes "$1" | awk '$7 > 0 { print $1, $8 }' | sort; }

# identity HOST: "hostname id node" as the member itself says over its authenticated port. Addresses are reused, also
# across namespaces: only who answers with this cluster's password and the expected name is a peer.
identity() {
  printf 'CONFIG GET cluster-announce-hostname\nCONFIG GET proc-title-template\nCLUSTER MYID\n' | ask "$1" | tr -d '\r' | awk '
    previous == "cluster-announce-hostname" { host = $0 }
    previous == "proc-title-template" { node = $0; sub(/.*node=/, "", node) }
    { previous = $0; id = $0 }
    END { if (host != "" && id ~ /^[0-9a-f]+$/ && length(id) == 40) print host, id, node == "" ? "-" : node }'
}

# The range of slots that the shard-th of all shards starts with.
first_slot() { echo $(($1 * 16384 / $2)); }
last_slot() { echo $((($1 + 1) * 16384 / $2 - 1)); }

# any_member: the address of the first member that answers, for what runs outside of the members.
any_member() {
  i=0; topology
  while [ $i -lt "$SIZE" ]; do
    candidate=$(address_of $i); i=$((i + 1))
    [ -n "$candidate" ] && [ "$(ask "$candidate" PING)" = PONG ] && { echo "$candidate"; return; }
  done
}

# escaped TEXT: as it stands between the quotes of redis.conf and of redis-cli's lines, whatever its bytes are.
escaped() { printf %s "$1" | od -An -v -tx1 | tr -d ' \n' | sed 's/../\\x&/g'; }

# hashed TEXT: a password as ACLs keep it.
hashed() { printf %s "$1" | sha256sum | cut -d' ' -f1; }

# mark FILE TEXT: what the probes are told, with the second at which it was true. Machines count from their start, and so do all
# containers of a pod.
mark() {
  read -r up _ < /proc/uptime
  { echo "${up%.*} $2" > "$RUN/$1"; } 2> /dev/null || :
}

# What a member is asked for to judge it, and its answers, up to the "end" that it echoes. This is done every second, so nothing is started
# for it, and the shell reads byte by byte: short answers are better ones. What is rarely news comes first, and may be left out.
# Returns 1 with a "problem" when there is no use in listening on.
SELDOM='INFO persistence
'
QUESTIONS='CLUSTER INFO
CLUSTER NODES
ROLE
ECHO end'
disk='' bytes=''
listen() {
  state='' assigned=0 role='' followed='' link='' lines='' seen='' problem='' after=0
  while IFS= read -r line; do
    line=${line%"$CR"}
    case $line in
      end) return 0 ;;
      cluster_state:*) state=${line#*:} ;;
      cluster_slots_assigned:*) assigned=${line#*:} ;;
      aof_last_write_status:*) disk=${line#*:} ;;
      aof_current_size:*) bytes=${line#*:} ;;
      *:[0-9]*@[0-9]*' '*)
        lines="$lines$line$NL"
        # All but the times of the last ping and pong.
        set -f; set -- $line; set +f
        seen="$seen$1 $2 $3 $4 $8"; shift 8; seen="$seen $*$NL" ;;
      'Could not connect'* | 'Error: '* | 'AUTH failed'* | LOADING* | NOAUTH* | NOPERM* | WRONGPASS* | BUSY*) problem=$line; return 1 ;;
      # slave | the master's address | port | connect, connecting, sync or connected | offset
      master | slave) role=$line ;;
      *) [ "$role" != slave ] || { after=$((after + 1)); case $after in 1) followed=$line ;; 3) link=$line ;; esac; } ;;
    esac
  done
  problem='no answer'
  return 1
}

# Whether a master lacks a replica, and whether this member is a spare one: from $lines.
vacancies() {
  set -- $(printf %s "$lines" | awk -v wanted="$REPLICAS" '
    $3 !~ /fail|handshake|noaddr/ {
      if ($3 ~ /myself/) spare = $3 ~ /master/ && NF == 8
      if ($3 ~ /master/ && NF > 8) owner[$1] = 1
      if ($3 ~ /slave/) has[$4]++
    }
    END { for (id in owner) if (has[id] < wanted) lacking = 1; print lacking + 0, spare + 0 }')
  lacking=$1 spare=$2
}

# Why the member is not ready, or nothing: in a cluster that serves all slots and, as a replica, in step with the master; not as a spare one
# that a master is waiting for, or a rolling update would go on while that master has nobody to hand over to.
judge() {
  if [ -n "$problem" ]; then reason=$problem
  elif [ "$state" != ok ]; then reason="cluster_state:$state, $assigned slots assigned"
  elif [ "$assigned" != 16384 ]; then reason="$assigned of 16384 slots assigned"
  elif [ "$role" = slave ] && [ "$link" != connected ]; then reason="link to the master: $link"
  elif [ "$disk" = err ]; then reason="cannot write to the append-only file: is the volume full?"
  elif [ "$spare$lacking" = 11 ]; then reason="not yet the replica that a master lacks"
  else reason=''; fi
}
