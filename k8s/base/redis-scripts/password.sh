#!/bin/sh
# The members' part in replacing the password while everything goes on. In every member, with the new password as a line of the standard
# input; in between, the Secret is changed (redis-password is the new one, redis-password-previous the old one) and callers and members are
# rolled:
#   password.sh accept   it is valid, too
#   password.sh only     no other one is valid any more
. "$(dirname "$0")/lib.sh"
IFS= read -r new || fail "no password in the standard input"
hash=$(hashed "$new")

case ${1:-} in
  accept) reply=$(ask "$LOCAL" ACL SETUSER default "#$hash") ;;
  only)
    [ "$new" = "$PASSWORD" ] || fail "$POD_NAME was not started with the new password yet"
    reply=$(ask "$LOCAL" ACL SETUSER default resetpass "#$hash") ;;
  *) echo "usage: password.sh accept | only" >&2; exit 2 ;;
esac
[ "$reply" = OK ] || fail "$POD_NAME does not take it: ${reply:-no answer}"
