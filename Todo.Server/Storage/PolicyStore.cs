using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using MonoRepo.Todo.Server.Requests;
using MonoRepo.Todo.V1;
using StackExchange.Redis;
using StackExchange.Redis.Availability;

namespace MonoRepo.Todo.Server.Storage;

/// <summary>With whom lists are shared, kept beside each list in its own hash slot.</summary>
public sealed class PolicyStore(IConnectionMultiplexer redis)
{
    private readonly IDatabaseAsync _redis = redis.GetDatabase().WithRetry();

    /// <summary>The policy of a list; one that was never shared has an empty one.</summary>
    public async Task<ListPolicy> GetAsync(ListName list) => Read(list, await _redis.StringGetAsync(new ListKeys(list).Policy));

    /// <summary>Replaces the policy of a list, and wakes its watchers, so that those who lost access notice.</summary>
    /// <exception cref="RpcException">The etag is not the present one.</exception>
    public async Task<ListPolicy> SetAsync(ListName list, ListPolicy wanted)
    {
        var keys = new ListKeys(list);
        while (true)
        {
            var stored = await _redis.StringGetAsync(keys.Policy);
            var present = Read(list, stored);
            if (wanted.Etag.Length > 0 && wanted.Etag != present.Etag)
            {
                throw new RpcException(new(StatusCode.Aborted,
                    $"The policy of {list} has changed: its etag is {present.Etag}, not {wanted.Etag}. Read it again."));
            }

            if (wanted.Bindings.Equals(present.Bindings))
            {
                return present;
            }

            // An empty policy is kept too: its etags don't begin again.
            var version = long.Parse(present.Etag, NumberStyles.HexNumber, CultureInfo.InvariantCulture) + 1;
            var etag = version.ToString("x", CultureInfo.InvariantCulture);
            var next = new ListPolicy { List = present.List, Bindings = { wanted.Bindings }, Etag = etag };
            var transaction = _redis.CreateTransaction();
            transaction.AddCondition(stored.IsNull
                ? Condition.KeyNotExists(keys.Policy)
                : Condition.StringEqual(keys.Policy, stored));
            _ = transaction.StringSetAsync(keys.Policy, next.ToByteArray());
            if (await transaction.ExecuteAsync())
            {
                _ = _redis.PublishAsync(keys.Changed, RedisValue.EmptyString, CommandFlags.FireAndForget);
                return next;
            }
        }
    }

    private static ListPolicy Read(ListName list, RedisValue value) =>
        value.IsNull ? new() { List = list.ToString(), Etag = "0" } : ListPolicy.Parser.ParseFrom((byte[])value!);
}
