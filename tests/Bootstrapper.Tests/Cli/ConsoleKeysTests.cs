using System.Text;
using Bootstrapper.Cli;

namespace Bootstrapper.Tests.Cli;

/// <summary>What ends a console, and what is typed on it.</summary>
public sealed class ConsoleKeysTests
{
    [Theory]
    [InlineData("ls ~.\r", "ls ~.\r", false)]
    [InlineData("~.rest", "", true)]
    [InlineData("ls\r~.", "ls\r", true)]
    [InlineData("ls\r~~.\r", "ls\r~.\r", false)]
    [InlineData("ls\n~x~.", "ls\n~x~.", false)]
    [InlineData("~", "", false)]
    [InlineData("~\r~.", "~\r", true)]
    public void A_tilde_and_a_full_stop_at_the_beginning_of_a_line_end_it(string typed, string passed, bool ended)
    {
        var (keys, machine) = (new ConsoleKeys(), "");
        foreach (var key in Encoding.ASCII.GetBytes(typed))
        {
            machine += keys.HasEnded ? "" : Encoding.ASCII.GetString(keys.Pass([key]));
        }

        Assert.Equal((passed, ended), (machine, keys.HasEnded));
        var whole = new ConsoleKeys();
        Assert.Equal((passed, ended), (Encoding.ASCII.GetString(whole.Pass(Encoding.ASCII.GetBytes(typed))), whole.HasEnded));
    }
}
