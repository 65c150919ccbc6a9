# Read by the other scripts: who am I, how do I ask a member, what does the cluster look like.
# POSIX sh; runs in the Debian and in the Alpine variant of the official image (redis-cli, awk, getent, timeout).
set -u

: "${POD_NAME:?}" "${POD_NAMESPACE:?}" "${REDIS_SET:?}" "${REDIS_SERVICE:?}"
DATA=${REDIS_DATA:-/data}
PORT=${REDIS_PORT:-6379}
LOCAL=${REDIS_LOCAL:-127.0.0.1}
TOPOLOGY=${REDIS_TOPOLOGY:-/etc/redis-topology}
SET=$REDIS_SET
ORDINAL=${POD_NAME##*-}
DOMAIN=$REDIS_SERVICE.$POD_NAMESPACE

say() { echo "${0##*/}: $*"; }
fail() { echo "${0##*/}: $*" >&2; exit 1; }

if [ -n "${REDIS_PASSWORD_FILE:-}" ]; then REDIS_PASSWORD=$(cat "$REDIS_PASSWORD_FILE"); fi
[ -n "${REDIS_PASSWORD:-}" ] || fail "no password: set REDIS_PASSWORD_FILE or REDIS_PASSWORD (usually the Secret is missing its key)"
export REDISCLI_AUTH="$REDIS_PASSWORD"

# ask HOST [COMMAND...]: one command, or one per line of the standard input; never hangs.
ask() {
  ask_host=$1; shift
  timeout "${REDIS_ASK_TIMEOUT:-5}" redis-cli -h "$ask_host" -p "$PORT" "$@" 2>/dev/null
}

# field NAME: the value of a "name:value" line of INFO or CLUSTER INFO.
field() { tr -d '\r' | sed -n "s/^$1://p"; }

# The wanted size. It is read each time: the mounted ConfigMap changes while we run, and no pod is rolled for it.
shards() { cat "$TOPOLOGY/shards"; }
replicas() { cat "$TOPOLOGY/replicasPerShard"; }
size() { echo $(($(shards) * (1 + $(replicas)))); }

name_of() { echo "$SET-$1.$DOMAIN"; }

# Peers are looked up by their short name: the namespace is the resolver's business.
address_of() { getent hosts "$SET-$1.$REDIS_SERVICE" | awk 'NR == 1 { print $1 }'; }

# nodes HOST: that member's view, one line per node:
#   id ip ordinal flags master link slots ranges        ordinal "-": not a member of this set; ranges "-" or "0-5460,9000"
# CLUSTER NODES has: id ip:port@bus,hostname flags master ping pong epoch link slot slot-slot [slot->-importing]...
nodes() {
  ask "$1" CLUSTER NODES | tr -d '\r' | awk -v set="$SET-" -v domain=".$DOMAIN" '
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
  i=0; n=$(size)
  while [ $i -lt "$n" ]; do
    candidate=$(address_of $i); i=$((i + 1))
    [ -n "$candidate" ] && [ "$(ask "$candidate" PING)" = PONG ] && { echo "$candidate"; return; }
  done
}

# quoted TEXT: as it stands between the quotes of redis.conf.
quoted() { printf '%s' "$1" | sed 's/[\\"]/\\&/g'; }
