using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>
/// A refusal that the caller can act upon, thrown by whatever notices it, however deep, and answered with the status
/// that it names.
/// </summary>
/// <param name="code">The status of the answer.</param>
/// <param name="message">What the caller reads.</param>
/// <param name="details">Rich error details, such as <see cref="Google.Rpc.BadRequest"/>.</param>
public class StatusException(StatusCode code, string message, params IEnumerable<IMessage> details) : Exception(message)
{
    private const string DetailsTrailer = "grpc-status-details-bin";

    private readonly IMessage[] _details = [.. details];

    /// <summary>The status of the answer.</summary>
    public StatusCode Code { get; } = code;

    internal RpcException ToRpcException()
    {
        var trailers = new Metadata();
        if (_details.Length > 0)
        {
            var status = new Google.Rpc.Status { Code = (int)Code, Message = Message, Details = { _details.Select(Any.Pack) } };
            trailers.Add(DetailsTrailer, status.ToByteArray());
        }

        return new(new Status(Code, Message), trailers);
    }
}
