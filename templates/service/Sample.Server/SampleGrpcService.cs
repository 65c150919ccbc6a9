using Grpc.Core;
using MonoRepo.Sample.V1;
using MonoRepo.ServiceDefaults.Grpc;
#if (redis)
using StackExchange.Redis;
#endif

namespace MonoRepo.Sample.Server;

/// <summary>The RPCs.</summary>
#if (redis)
public sealed class SampleGrpcService(IConnectionMultiplexer redis) : SampleService.SampleServiceBase
#else
public sealed class SampleGrpcService : SampleService.SampleServiceBase
#endif
{
    private const int NameLimit = 100;

    /// <inheritdoc/>
#if (redis)
    public override async Task<GreetResponse> Greet(GreetRequest request, ServerCallContext context)
#else
    public override Task<GreetResponse> Greet(GreetRequest request, ServerCallContext context)
#endif
    {
        var violations = new BadRequest();
        if (request.Name.Length is 0 or > NameLimit)
        {
            violations.Add("name", $"has {request.Name.Length} characters; 1 to {NameLimit} are allowed");
        }

        violations.ThrowIfAny();

#if (redis)
        // The key begins with the service's name: other services share the cluster.
        var times = await redis.GetDatabase().StringIncrementAsync($"kebab-name:greetings:{request.Name}");
        return new GreetResponse { Text = $"Hello, {request.Name}. Number of greetings: {times}." };
#else
        return Task.FromResult(new GreetResponse { Text = $"Hello, {request.Name}." });
#endif
    }
}
