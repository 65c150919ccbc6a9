using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using MonoRepo.Todo.V1;

namespace MonoRepo.Todo.Server.Storage;

/// <summary>What makes a create call idempotent: the caller's id, and a digest of what it asked for.</summary>
public sealed class CreateRequestId(string id, CreateItemRequest request)
{
    private readonly byte[] _digest = SHA256.HashData(request.ToByteArray());

    /// <summary>The caller's UUID, in lower case.</summary>
    public string Id { get; } = id;

    /// <summary>What is kept under the id: the digest, then the id of the item.</summary>
    public byte[] Remember(string itemId) => [.. _digest, .. Encoding.ASCII.GetBytes(itemId)];

    /// <summary>The id of the item that the first call made.</summary>
    /// <exception cref="RpcException">The first call asked for something else.</exception>
    public string Match(byte[] remembered) => remembered.AsSpan(0, _digest.Length).SequenceEqual(_digest)
        ? Encoding.ASCII.GetString(remembered.AsSpan(_digest.Length))
        : throw new RpcException(new(StatusCode.AlreadyExists, $"The request id {Id} was used for another item."));
}
