using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Images;

/// <summary>A vendor's signing key, made by the real gpg in a home of its own.</summary>
public sealed class SigningKey : IDisposable
{
    private const string LongAgo = "20200101T000000";
    private const string TheDayAfter = "20200102T000000";
    private const string SoonAfter = "20200110T000000";

    private readonly TemporaryDirectory _home = new();
    private readonly ConcurrentDictionary<string, byte[]> _signed = new(StringComparer.Ordinal);
    private readonly string[] _options;

    private SigningKey(string[] options) => _options = options;

    /// <summary>Armoured, as vendors publish it.</summary>
    public string Public => Run([], ["--armor", "--export"]);

    /// <summary>What only its owner has, armoured.</summary>
    public string Secret => Run([], ["--armor", "--export-secret-keys"]);

    /// <returns>A secret key under a passphrase, armoured.</returns>
    public static string Locked(string passphrase)
    {
        using var key = new SigningKey(["--pinentry-mode", "loopback"]);
        key.Run(key._options, ["--quick-generate-key", "Locked", "ed25519", "sign", "never"], passphrase);
        return key.Run(key._options, ["--armor", "--export-secret-keys"], passphrase);
    }

    public static SigningKey Create()
    {
        var key = new SigningKey([]);
        key.Run([], ["--quick-generate-key", "Vendor <vendor@example.com>", "ed25519", "sign", "never"]);
        return key;
    }

    /// <summary>Valid for ever; what it signed in all those years can be had with <see cref="SignOn"/>.</summary>
    public static SigningKey CreateLongAgo()
    {
        var key = new SigningKey([]);
        key.Run(
            ["--faked-system-time", LongAgo],
            ["--quick-generate-key", "Vendor <vendor@example.com>", "ed25519", "sign", "never"]);
        return key;
    }

    /// <summary>The key itself is valid for ever; the subkey that signs was valid for a month, long ago.</summary>
    public static SigningKey CreateWithExpiredSubkey()
    {
        var key = new SigningKey(["--faked-system-time", SoonAfter]);
        key.Run(
            ["--faked-system-time", LongAgo],
            ["--quick-generate-key", "Vendor <vendor@example.com>", "ed25519", "cert", "never"]);
        var fingerprint = key.Run([], ["--list-keys", "--with-colons"]).Split('\n').First(line =>
            line.StartsWith("fpr:", StringComparison.Ordinal)).Split(':')[9];
        key.Run(["--faked-system-time", TheDayAfter], ["--quick-add-key", fingerprint, "ed25519", "sign", "30d"]);
        return key;
    }

    /// <summary>A detached signature.</summary>
    public byte[] Sign(byte[] content) => Output(content, "--detach-sign");

    /// <summary>A detached signature that was made on another day.</summary>
    /// <param name="when">In UTC.</param>
    public byte[] SignOn(DateTime when, byte[] content) => Make(
        content, "--detach-sign", ["--faked-system-time", when.ToString("yyyyMMdd'T'HHmmss'!'", CultureInfo.InvariantCulture)]);

    /// <summary>The text with a signature around it.</summary>
    public byte[] ClearSign(string text) => Output(System.Text.Encoding.UTF8.GetBytes(text), "--clearsign");

    /// <summary>Asserts that this key made a detached signature, in either form.</summary>
    public void AssertSigned(byte[] content, byte[] signature)
    {
        var (signed, beside) = (Path.Combine(
            _home.Path, Path.GetRandomFileName()), Path.Combine(_home.Path, Path.GetRandomFileName()));
        File.WriteAllBytes(signed, content);
        File.WriteAllBytes(beside, signature);
        Run([], ["--verify", beside, signed]);
    }

    public void Dispose()
    {
        using var agent = Process.Start(new ProcessStartInfo("gpgconf", ["--homedir", _home.Path, "--kill", "gpg-agent"]))!;
        agent.WaitForExit();
        _home.Dispose();
    }

    /// <summary>Most tests sign the same files.</summary>
    private byte[] Output(byte[] content, string command) =>
        _signed.GetOrAdd(
            $"{command} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(content))}",
            _ => Make(content, command, _options));

    private byte[] Make(byte[] content, string command, string[] options)
    {
        var (input, output) = (Path.Combine(
            _home.Path, Path.GetRandomFileName()), Path.Combine(_home.Path, Path.GetRandomFileName()));
        File.WriteAllBytes(input, content);
        Run(options, ["--output", output, command, input]);
        return File.ReadAllBytes(output);
    }

    private string Run(string[] options, string[] arguments, string passphrase = "")
    {
        using var gpg = Process.Start(new ProcessStartInfo(
            "gpg", ["--homedir", _home.Path, "--batch", "--quiet", "--passphrase", passphrase, .. options, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = gpg.StandardError.ReadToEndAsync();
        var output = gpg.StandardOutput.ReadToEnd();
        gpg.WaitForExit();
        Assert.True(gpg.ExitCode == 0, $"gpg {string.Join(' ', arguments)}: {errors.GetAwaiter().GetResult()}");
        return output;
    }
}

/// <summary>The keys of all tests of releases: making one takes gpg half a second.</summary>
public sealed class SigningKeyFixture : IDisposable
{
    public SigningKey Vendor { get; } = SigningKey.Create();

    public SigningKey Stranger { get; } = SigningKey.Create();

    public SigningKey Expired { get; } = SigningKey.CreateWithExpiredSubkey();

    public void Dispose()
    {
        Vendor.Dispose();
        Stranger.Dispose();
        Expired.Dispose();
    }
}
