namespace Bootstrapper.Cli;

/// <summary>
/// Finds in what is typed on a console what is not for the machine, as in ssh: at the beginning of a line <c>~.</c> ends it,
/// <c>~B</c> sends a break, <c>~?</c> lists these, and <c>~~</c> stands for one tilde.
/// </summary>
internal sealed class ConsoleKeys
{
    /// <summary>For a terminal that shows what it is sent.</summary>
    public const string Help =
        "\r\n[at the beginning of a line:\r\n ~.  ends it\r\n ~B  sends a break\r\n ~?  lists these\r\n ~~  types ~]\r\n";

    private const byte Tilde = (byte)'~', Return = (byte)'\r', NewLine = (byte)'\n';

    private bool _atBegin = true;
    private bool _afterTilde;

    /// <summary>Whether it was ended; what is typed after that is for nobody.</summary>
    public bool HasEnded { get; private set; }

    /// <returns>What is to be done, in this order.</returns>
    public IReadOnlyList<ConsoleOrder> Pass(ReadOnlySpan<byte> typed)
    {
        var orders = new List<ConsoleOrder>();
        var keys = new List<byte>();
        foreach (var key in typed)
        {
            if (!_afterTilde && _atBegin && key == Tilde)
            {
                _afterTilde = true;
                continue;
            }

            if (_afterTilde && OrderOf(key) is { } order)
            {
                Type();
                orders.Add(order);
                (_afterTilde, HasEnded) = (false, key == (byte)'.');
                if (HasEnded)
                {
                    return orders;
                }

                continue;
            }

            if (_afterTilde && key != Tilde)
            {
                keys.Add(Tilde);
            }

            keys.Add(key);
            (_afterTilde, _atBegin) = (false, key is Return or NewLine);
        }

        Type();
        return orders;

        void Type()
        {
            if (keys.Count > 0)
            {
                orders.Add(new([.. keys]));
                keys.Clear();
            }
        }
    }

    /// <returns><c>null</c> for a key that is the machine's.</returns>
    private static ConsoleOrder? OrderOf(byte key) => key switch
    {
        (byte)'.' => ConsoleOrder.End,
        (byte)'B' => ConsoleOrder.Break,
        (byte)'?' => ConsoleOrder.Help,
        _ => null,
    };
}

/// <summary>What somebody who types on a console wants.</summary>
internal sealed class ConsoleOrder(byte[] keys)
{
    public static readonly ConsoleOrder End = new([]), Break = new([]), Help = new([]);

    /// <summary>For the machine; empty for what is none of its keys.</summary>
    public byte[] Keys => keys;
}
