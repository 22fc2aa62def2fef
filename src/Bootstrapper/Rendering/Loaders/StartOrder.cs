using System.Globalization;
using Bootstrapper.Model;

namespace Bootstrapper.Rendering.Loaders;

/// <summary>
/// What start.sh is told, the script of the live system that the operator signed: lines for the shell, of the words that
/// <c>start.sh.template</c> explains.
/// </summary>
internal static class StartOrder
{
    /// <summary>Kernel, initial RAM disk and command line are in place: what is left is the script.</summary>
    public static string Boot(NetBoot boot) => boot.Script is { } script ? $"run {ShellWord.Of(script)}\n" : NotThat(boot);

    /// <summary>What is signed starts nothing that is not.</summary>
    public static string NotThat(NetBoot boot) => Lines(
        Say($"it is to boot {boot.Kernel}, which a machine with secure_boot: uki does not"), Pause);

    /// <param name="machine">What it is called.</param>
    public static string LocalDisk(string machine) => Lines(
        Say($"{machine} is not to be installed: booting from the local disk"), "boot_disk");

    /// <summary>Says why, and has it ask again.</summary>
    /// <param name="machine">What it is called.</param>
    public static string Waiting(string machine, Wait wait) => Lines([.. wait.Screen(machine).Select(Say), Pause]);

    private static string Pause =>
        string.Create(CultureInfo.InvariantCulture, $"wait_for {Wait.Pause.TotalSeconds:F0}");

    private static string Say(string text) => $"say {ShellWord.Of(text)}";

    private static string Lines(params IEnumerable<string> lines) => string.Concat(lines.Select(line => $"{line}\n"));
}
