using Grpc.Core;
using Sample.Greeter.V1;

namespace Sample.Greeter.Server;

/// <summary>The RPCs.</summary>
internal sealed class GreeterGrpcService : GreeterService.GreeterServiceBase
{
    /// <inheritdoc/>
    public override Task<GreetResponse> Greet(GreetRequest request, ServerCallContext context)
    {
        if (request.Name.Length is 0 or > 100)
        {
            throw new RpcException(new(
                StatusCode.InvalidArgument, $"name: has {request.Name.Length} characters; 1 to 100 are allowed"));
        }

        return Task.FromResult(new GreetResponse { Text = $"Hello, {request.Name}." });
    }
}
