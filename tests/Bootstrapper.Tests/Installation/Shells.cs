namespace Bootstrapper.Tests.Installation;

/// <summary>What live systems run scripts with: the shell, and whether there is curl or only what busybox has.</summary>
internal static class Shells
{
    public const string Dash = "dash", Bash = "bash", Busybox = "busybox", WithoutCurl = "busybox without curl";

    public static IReadOnlyList<string> All => [Dash, Bash, Busybox, WithoutCurl];

    /// <returns>The command, by its path, and where other programs are looked for after the system's own stand-ins.</returns>
    public static (string Command, string Path) Of(string shell) => shell switch
    {
        Dash => ("/usr/bin/dash", ":$PATH"),
        Bash => ("/usr/bin/bash", ":$PATH"),
        Busybox => ("/usr/bin/busybox sh", ":$PATH"),
        _ => ("/usr/bin/busybox sh", ""),
    };
}
