using System.Security.Cryptography;

namespace Bootstrapper.Bundles;

/// <summary>A file that is read once more after its digest was taken: somebody may have written to it meanwhile.</summary>
internal sealed class CheckedStream(Stream inner, BundleProgress progress) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    /// <returns>SHA-256 of what was read, in hexadecimal.</returns>
    public string Digest() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <exception cref="IOException">What was read is not that file any more.</exception>
    public void Require(BundleFile file)
    {
        if (Digest() != file.Sha256)
        {
            throw new IOException($"{file.Path} was changed while it was read: try again");
        }
    }

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        _hash.AppendData(buffer[..read]);
        progress.Add(read);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void Flush()
    {
        // Nothing is written.
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        _hash.Dispose();
        base.Dispose(disposing);
    }
}
