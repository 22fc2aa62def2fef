using System.Globalization;
using Bootstrapper.Model;

namespace Bootstrapper.Rendering.Loaders;

/// <summary>
/// What start.sh is told, the script of the live system that the operator signed: lines for the shell, of the words that
/// <c>start.sh.template</c> explains, and <see cref="End"/>.
/// </summary>
internal static class StartOrder
{
    /// <summary>The last line: an order without it was cut off, and is not followed.</summary>
    public const string End = "# end of the order";

    /// <summary>Kernel, initial RAM disk and command line are in place: what is left is the script.</summary>
    public static string Boot(NetBoot boot) => boot.Script is { } script ? Lines($"run {ShellWord.Of(script)}") : NotThat(boot);

    /// <summary>What is signed starts nothing that is not.</summary>
    public static string NotThat(NetBoot boot) => Lines(
        Say($"it is to boot {boot.Kernel}, which a machine with secure_boot: uki does not"), Pause);

    /// <param name="machine">What it is called.</param>
    /// <param name="disk">Identity of the one that was installed; <c>null</c> where that is not known.</param>
    /// <param name="pause">Before it restarts.</param>
    public static string LocalDisk(string machine, string? disk, TimeSpan pause) =>
        Lines(Say($"{machine} is not to be installed: booting from the local disk"), BootDisk(disk, pause));

    /// <summary>For a machine that there is nothing for.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="pause">Before it restarts from its disk.</param>
    public static string Nothing(string reason, TimeSpan pause) => Lines(Say(reason), BootDisk(disk: null, pause));

    /// <summary>Says why, and has it ask again.</summary>
    /// <param name="machine">What it is called.</param>
    public static string Waiting(string machine, Wait wait) => Lines([.. wait.Screen(machine).Select(Say), Pause]);

    private static string Pause =>
        string.Create(CultureInfo.InvariantCulture, $"wait_for {Wait.Pause.TotalSeconds:F0}");

    private static string BootDisk(string? disk, TimeSpan pause)
    {
        var order = string.Create(CultureInfo.InvariantCulture, $"boot_disk {pause.TotalSeconds:F0}");
        return disk is null ? order : $"{order} {ShellWord.Of(disk)}";
    }

    private static string Say(string text) => $"say {ShellWord.Of(text)}";

    private static string Lines(params IEnumerable<string> lines) => string.Concat(lines.Append(End).Select(line => $"{line}\n"));
}
