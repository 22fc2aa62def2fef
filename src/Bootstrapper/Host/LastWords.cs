using System.Text;

namespace Bootstrapper.Host;

/// <summary>Keeps the end of what a program writes, however much that is.</summary>
internal sealed class LastWords
{
    /// <summary>Bytes.</summary>
    private const int Most = 64 * 1024;

    private readonly Lock _gate = new();
    private byte[] _kept = [];

    public async Task ReadAsync(Stream from, CancellationToken cancellation)
    {
        var block = new byte[Most];
        for (int read; (read = await from.ReadAsync(block, cancellation)) > 0;)
        {
            Keep(block.AsSpan(0, read));
        }
    }

    /// <summary>May be asked while it reads: a program that was killed may have left one that holds the pipe.</summary>
    public override string ToString()
    {
        lock (_gate)
        {
            return Encoding.UTF8.GetString(_kept);
        }
    }

    private void Keep(ReadOnlySpan<byte> block)
    {
        lock (_gate)
        {
            byte[] all = [.. _kept, .. block];
            _kept = all.Length > Most ? all[^Most..] : all;
        }
    }
}
