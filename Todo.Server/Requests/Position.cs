using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MonoRepo.Todo.Server.Requests;

/// <summary>
/// A place in one listing or one log of changes, as callers hold it: an opaque token that is good for what it was given out for
/// only.
/// </summary>
public static class Position
{
    private const int ScopeLength = 8;

    /// <summary>Makes a token.</summary>
    /// <param name="scope">What the token is good for; a token of another scope is refused.</param>
    /// <param name="sequence">The last sequence number that the holder has seen.</param>
    public static string Encode(string scope, long sequence)
    {
        Span<byte> bytes = stackalloc byte[ScopeLength + sizeof(long)];
        Digest(scope)[..ScopeLength].CopyTo(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes[ScopeLength..], sequence);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads a token; null where it is none of this scope.</summary>
    public static long? TryDecode(string scope, string token)
    {
        Span<byte> bytes = stackalloc byte[ScopeLength + sizeof(long)];
        return token.Length == Base64Url.GetEncodedLength(bytes.Length)
            && Base64Url.TryDecodeFromChars(token, bytes, out var length)
            && length == bytes.Length
            && bytes[..ScopeLength].SequenceEqual(Digest(scope)[..ScopeLength])
            && BinaryPrimitives.ReadInt64BigEndian(bytes[ScopeLength..]) is >= 0 and var sequence
                ? sequence
                : null;
    }

    private static ReadOnlySpan<byte> Digest(string scope) => SHA256.HashData(Encoding.UTF8.GetBytes(scope));
}
