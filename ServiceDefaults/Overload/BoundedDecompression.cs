using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace MonoRepo.ServiceDefaults.Overload;

/// <summary>
/// Ends decompression at the largest message. gRPC for .NET compares that with the compressed length alone: a message of 1 MiB
/// would become one of 1 GiB in memory.
/// </summary>
internal sealed class BoundedDecompression(ICompressionProvider inner, int maxBytes) : ICompressionProvider
{
    public string EncodingName => inner.EncodingName;

    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
        inner.CreateCompressionStream(stream, compressionLevel);

    public Stream CreateDecompressionStream(Stream stream) =>
        new BoundedStream(inner.CreateDecompressionStream(stream), maxBytes);

    private sealed class BoundedStream(Stream inner, int maxBytes) : Stream
    {
        private long _length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = inner.Read(buffer, offset, count);
            _length += read;
            return _length <= maxBytes
                ? read
                : throw new RpcException(new(
                    StatusCode.ResourceExhausted, $"The message has more than {maxBytes} bytes once it is decompressed."));
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing) => inner.Dispose();
    }
}
