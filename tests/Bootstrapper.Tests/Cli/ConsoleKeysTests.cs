using System.Text;
using Bootstrapper.Cli;

namespace Bootstrapper.Tests.Cli;

/// <summary>What ends a console, and what is typed on it.</summary>
public sealed class ConsoleKeysTests
{
    [Theory]
    [InlineData("ls ~.\r", "ls ~.\r", false)]
    [InlineData("~.rest", "<end>", true)]
    [InlineData("ls\r~.", "ls\r<end>", true)]
    [InlineData("ls\r~~.\r", "ls\r~.\r", false)]
    [InlineData("ls\n~x~.", "ls\n~x~.", false)]
    [InlineData("~", "", false)]
    [InlineData("~\r~.", "~\r<end>", true)]
    [InlineData("~B~Bh~B", "<break><break>h~B", false)]
    [InlineData("ls\r~?~.", "ls\r<help><end>", true)]
    [InlineData("~b", "~b", false)]
    public void A_tilde_at_the_beginning_of_a_line_begins_an_order(string typed, string passed, bool ended)
    {
        var (keys, machine) = (new ConsoleKeys(), "");
        foreach (var key in Encoding.ASCII.GetBytes(typed))
        {
            machine += keys.HasEnded ? "" : Shown(keys.Pass([key]));
        }

        Assert.Equal((passed, ended), (machine, keys.HasEnded));
        var whole = new ConsoleKeys();
        Assert.Equal((passed, ended), (Shown(whole.Pass(Encoding.ASCII.GetBytes(typed))), whole.HasEnded));
    }

    private static string Shown(IReadOnlyList<ConsoleOrder> orders) => string.Concat(orders.Select(order =>
        order == ConsoleOrder.End ? "<end>"
            : order == ConsoleOrder.Break ? "<break>"
            : order == ConsoleOrder.Help ? "<help>"
            : Encoding.ASCII.GetString(order.Keys)));
}
