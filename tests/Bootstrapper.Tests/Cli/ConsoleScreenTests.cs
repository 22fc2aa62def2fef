using Bootstrapper.Tests.Power;
using Bootstrapper.Tests.Program;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Cli;

/// <summary>A machine's console at the terminal of an operator, which is to be left as it was.</summary>
[Trait("Category", "Slow")]
public sealed class ConsoleScreenTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private PowerRack _rack = null!;

    public async ValueTask InitializeAsync() => _rack = await PowerRack.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await (_rack?.DisposeAsync() ?? ValueTask.CompletedTask);
        _directory.Dispose();
    }

    [Fact]
    public async Task It_is_typed_on_and_ended_from_the_keyboard()
    {
        var screen = await Terminal().ShowAsync(
            "bootstrapper node console n2; stty -a",
            until: "the console of n2 is open",
            "~", "?", "~", "B", "x", "Enter", "~", ".");
        Assert.Contains("~B  sends a break", screen, StringComparison.Ordinal);
        Assert.Contains("[a break was sent]", screen, StringComparison.Ordinal);
        Assert.Contains("\nisig icanon", screen, StringComparison.Ordinal);
        await Eventually.True(() => _rack.Ipmi.Serial.Typed == $"{SerialLine.Break}x\r", () => _rack.Ipmi.Serial.Typed);
    }

    [Theory]
    [InlineData("HUP")]
    [InlineData("INT")]
    [InlineData("QUIT")]
    [InlineData("TERM")]
    public async Task A_signal_that_ends_it_leaves_the_terminal_as_it_was(string signal)
    {
        var pid = Path.Combine(_directory.Path, "pid");
        var raw = "until stty -F $t -a | grep -q -- -icanon; do sleep 0.1; done";
        var screen = await Terminal().ShowAsync(
            $"t=$(tty); ({raw}; kill -{signal} $(cat {pid})) & "
                + $"sh -c 'echo $$ > {pid}; exec bootstrapper node console n2'; stty -a");
        Assert.Contains("\nisig icanon", screen, StringComparison.Ordinal);
    }

    private Screen Terminal() => new("120x40", new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["PATH"] = $"{Path.GetDirectoryName(RunningProgram.FileName)}:/usr/bin:/bin",
        ["HOME"] = "/nonexistent",
        ["LANG"] = "C.UTF-8",
        ["SHELL"] = "/bin/sh",
        ["BOOTSTRAPPER_CONFIG"] = _rack.Config,
    });
}
