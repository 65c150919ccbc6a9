using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;

namespace MonoRepo.ServiceDefaults.Overload;

/// <summary>
/// Passes on what comes and counts, if it is HTTP/2, the frames that cost a server work and carry nothing: resets, pings,
/// settings, priorities, continuations of headers, data of no length, and streams beyond those that the connection may have.
/// Window updates aren't counted: some clients send one for each frame that they receive. Layout of frames: RFC 9113,
/// section 4.1.
/// </summary>
internal sealed class FrameCountingReader(PipeReader inner, ConnectionBudget budget) : PipeReader
{
    private const int HeaderLength = 9;
    private const byte EndStream = 1;
    private const byte Acknowledgement = 1;

    private readonly byte[] _header = new byte[HeaderLength];
    private ReadOnlySequence<byte> _buffer;
    private long _seen;
    private int _headerLength;
    private long _toSkip;
    private int _prefaceLength;
    private bool _isHttp2 = true;

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var read = inner.ReadAsync(cancellationToken);
        return read.IsCompletedSuccessfully ? new(Count(read.Result)) : CountAsync(read);
    }

    public override bool TryRead(out ReadResult result)
    {
        if (!inner.TryRead(out result))
        {
            return false;
        }

        Count(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _seen -= _buffer.Slice(0, consumed).Length;
        _buffer = default;
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> CountAsync(ValueTask<ReadResult> read) => Count(await read);

    private ReadResult Count(ReadResult result)
    {
        _buffer = result.Buffer;
        if (_isHttp2)
        {
            foreach (var segment in result.Buffer.Slice(_seen))
            {
                Count(segment.Span);
            }
        }

        _seen = result.Buffer.Length;
        return budget.IsEnded ? throw new ConnectionAbortedException() : result;
    }

    private void Count(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0 && _isHttp2)
        {
            if (_prefaceLength < Preface.Length)
            {
                var part = bytes[..Math.Min(bytes.Length, Preface.Length - _prefaceLength)];
                _isHttp2 = Preface.Slice(_prefaceLength, part.Length).SequenceEqual(part);
                _prefaceLength += part.Length;
                bytes = bytes[part.Length..];
            }
            else if (_toSkip > 0)
            {
                var skipped = (int)Math.Min(_toSkip, bytes.Length);
                _toSkip -= skipped;
                bytes = bytes[skipped..];
            }
            else
            {
                var part = bytes[..Math.Min(bytes.Length, HeaderLength - _headerLength)];
                part.CopyTo(_header.AsSpan(_headerLength));
                _headerLength = (_headerLength + part.Length) % HeaderLength;
                bytes = bytes[part.Length..];
                if (_headerLength == 0)
                {
                    _toSkip = BinaryPrimitives.ReadUInt32BigEndian(_header) >> 8;
                    if (IsCounted((FrameType)_header[3], _header[4]))
                    {
                        budget.EmptyFrame();
                    }
                    else if ((FrameType)_header[3] == FrameType.Headers)
                    {
                        budget.Headers(BinaryPrimitives.ReadInt32BigEndian(_header.AsSpan(5)));
                    }
                }
            }
        }
    }

    private bool IsCounted(FrameType type, byte flags) => type switch
    {
        FrameType.Data => _toSkip == 0 && (flags & EndStream) == 0,
        FrameType.Priority or FrameType.Reset or FrameType.Continuation => true,
        FrameType.Settings or FrameType.Ping => (flags & Acknowledgement) == 0,
        _ => false,
    };

    private enum FrameType : byte
    {
        Data = 0,
        Headers = 1,
        Priority = 2,
        Reset = 3,
        Settings = 4,
        Ping = 6,
        Continuation = 9,
    }
}
