using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using static Google.Rpc.BadRequest.Types;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>
/// Collects what is wrong with a request, so that the caller sees all of it at once: INVALID_ARGUMENT with
/// <c>google.rpc.BadRequest</c>, a violation a field.
/// </summary>
public class BadRequest
{
    private readonly List<FieldViolation> _violations = [];

    /// <summary>Adds a violation.</summary>
    /// <param name="field">Path of the field in the request, as in <c>item.title</c>.</param>
    /// <param name="description">What is wrong with its value, and what would be right.</param>
    public void Add(string field, string description) => _violations.Add(new() { Field = field, Description = description });

    /// <summary>Ends the call if there is a violation.</summary>
    /// <exception cref="RpcException">There is one.</exception>
    public void ThrowIfAny()
    {
        if (_violations.Count > 0)
        {
            throw new Google.Rpc.Status
            {
                Code = (int)Code.InvalidArgument,
                Message = string.Join("; ", _violations.Select(violation => $"{violation.Field} {violation.Description}")),
                Details = { Any.Pack(new Google.Rpc.BadRequest { FieldViolations = { _violations } }) },
            }.ToRpcException();
        }
    }
}
