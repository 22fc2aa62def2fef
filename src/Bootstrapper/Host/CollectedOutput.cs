using System.Buffers;

namespace Bootstrapper.Host;

/// <summary>Keeps all that a program writes, unless that is too much.</summary>
/// <param name="most">Bytes.</param>
/// <param name="tooMuch">Called once, when there are more; they are not read.</param>
internal sealed class CollectedOutput(int most, Action tooMuch)
{
    private const int BlockSize = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _kept = new();

    public bool IsTooMuch { get; private set; }

    public async Task ReadAsync(Stream from, CancellationToken cancellation)
    {
        var block = new byte[BlockSize];
        for (int read; !IsTooMuch && (read = await from.ReadAsync(block, cancellation)) > 0;)
        {
            IsTooMuch = _kept.WrittenCount + read > most;
            _kept.Write(block.AsSpan(0, read));
        }

        if (IsTooMuch)
        {
            tooMuch();
        }
    }

    public byte[] ToArray() => _kept.WrittenSpan.ToArray();
}
