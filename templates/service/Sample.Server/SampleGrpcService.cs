using Grpc.Core;
using MonoRepo.Sample.V1;
using MonoRepo.ServiceDefaults.Grpc;

namespace MonoRepo.Sample.Server;

/// <summary>The RPCs.</summary>
public sealed class SampleGrpcService : SampleService.SampleServiceBase
{
    private const int NameLimit = 100;

    /// <inheritdoc/>
    public override Task<GreetResponse> Greet(GreetRequest request, ServerCallContext context)
    {
        var faults = new BadRequest();
        if (request.Name.Length is 0 or > NameLimit)
        {
            faults.Add("name", $"has {request.Name.Length} characters; 1 to {NameLimit} are allowed");
        }

        faults.ThrowIfAny();

        return Task.FromResult(new GreetResponse { Text = $"Hello, {request.Name}." });
    }
}
