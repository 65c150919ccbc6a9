using Google.Rpc;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace MonoRepo.Tests;

/// <summary>Reads <c>grpc-status-details-bin</c>.</summary>
internal static class RichErrors
{
    public static BadRequest BadRequestOf(RpcException exception) =>
        Status.Parser.ParseFrom(exception.Trailers.GetValueBytes("grpc-status-details-bin")).Details.Single()
        .Unpack<BadRequest>();
}
