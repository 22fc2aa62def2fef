namespace Bootstrapper.Cli;

/// <summary>
/// Finds in what is typed on a console what is not for the machine: <c>~.</c> at the beginning of a line ends it, and <c>~~</c>
/// stands there for one tilde, as in ssh.
/// </summary>
internal sealed class ConsoleKeys
{
    private const byte Tilde = (byte)'~', Return = (byte)'\r', NewLine = (byte)'\n';

    private bool _atBegin = true;
    private bool _afterTilde;

    /// <summary>Whether it was ended; what is typed after that is for nobody.</summary>
    public bool HasEnded { get; private set; }

    /// <returns>What is for the machine.</returns>
    public byte[] Pass(ReadOnlySpan<byte> typed)
    {
        var keys = new List<byte>();
        foreach (var key in typed)
        {
            if (_afterTilde && key == (byte)'.')
            {
                HasEnded = true;
                break;
            }

            if (!_afterTilde && _atBegin && key == Tilde)
            {
                _afterTilde = true;
                continue;
            }

            if (_afterTilde && key != Tilde)
            {
                keys.Add(Tilde);
            }

            keys.Add(key);
            (_afterTilde, _atBegin) = (false, key is Return or NewLine);
        }

        return [.. keys];
    }
}
