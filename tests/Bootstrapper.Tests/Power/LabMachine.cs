using System.Diagnostics;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Power;

/// <summary>A virtual machine that a BMC's double switches, by a program.</summary>
/// <param name="Switch">
/// Is told <c>on</c> or <c>off</c>, the machine's name, and behind <c>on</c>, where it is to boot otherwise for once,
/// <c>network</c> or <c>disk</c>.
/// </param>
/// <param name="Serial">The Unix socket of its serial line, which is there while it is on.</param>
internal sealed record LabMachine(string Switch, string Name, string Serial)
{
    /// <summary>For a program that is killed when that has come to its end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <param name="first">What it boots, this time; <c>null</c> for the order that it has.</param>
    public async Task SwitchAsync(bool on, string? first)
    {
        string[] arguments = [on ? "on" : "off", Name, .. first is null ? Array.Empty<string>() : [first]];
        var done = await Tool.RunAsync(new ProcessStartInfo(Switch, arguments), Patience);
        Assert.True(done.ExitCode == 0, done.Output + done.Errors);
    }
}
