using System.Diagnostics;

namespace Bootstrapper.Tests.Pki;

/// <summary>The openssl program: the other opinion on what we issue, and the maker of what operators bring.</summary>
internal static class OpenSsl
{
    /// <summary>
    /// For <c>-nameopt</c>: subjects as <c>O = readers, CN = "a: b"</c>. What it writes without being told differs between its
    /// versions.
    /// </summary>
    public const string Names = "oneline";

    /// <summary>A root as an operator makes one: <c>ca.crt</c> and <c>ca.key</c> in <paramref name="directory"/>.</summary>
    /// <param name="newKey">As <c>openssl req -newkey</c> takes it, with options: <c>rsa:2048</c>.</param>
    public static void MakeRoot(string directory, params string[] newKey) => Run(
        directory,
        [
            "req", "-x509", "-new", "-nodes", "-newkey", .. newKey, "-keyout", "ca.key", "-out", "ca.crt", "-days", "30", "-subj",
            "/CN=operators-ca",
        ]);

    /// <summary>With a key of its own, and signed with <c>ca.key</c>: <c>NAME.crt</c> and <c>NAME.key</c>.</summary>
    public static void Sign(string directory, string name, params string[] arguments) => Run(
        directory,
        [
            "req", "-x509", "-new", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", $"{name}.key",
            "-out", $"{name}.crt", "-CA", "ca.crt", "-CAkey", "ca.key", .. arguments,
        ]);

    /// <summary>That it accepts a certificate under <c>ca.crt</c>, by its strict rules.</summary>
    public static void Verify(string directory, params string[] arguments) =>
        Run(directory, ["verify", "-x509_strict", "-CAfile", "ca.crt", .. arguments]);

    /// <returns>What it printed; a failure fails the test with what it said.</returns>
    public static string Run(string directory, params string[] arguments) => RunProgram("openssl", directory, arguments);

    /// <summary>Another program that is used together with it, such as curl.</summary>
    /// <inheritdoc cref="Run"/>
    public static string RunProgram(string program, string directory, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {output}{errors.GetAwaiter().GetResult()}");
        return output;
    }
}
