using Bootstrapper.Cli;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Cli;

/// <summary>The key with which an operator signs what machines start.</summary>
public sealed class SecureBootCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private Bsroot Bsroot => new(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void It_is_made_once_as_OpenSSL_and_firmware_take_it()
    {
        var made = Run();
        Assert.Contains($"made  {Bsroot.SecureBootKey}", made, StringComparison.Ordinal);
        Assert.Contains("docker/uki.sh --to", made, StringComparison.Ordinal);
        Assert.Equal(Bsroot.SecretFile, File.GetUnixFileMode(Bsroot.SecureBootKey));
        Assert.DoesNotContain("PRIVATE", made, StringComparison.Ordinal);

        var text = OpenSsl("x509", "-in", "secureboot/db.crt", "-noout", "-text");
        Assert.Contains("2048 bit", text, StringComparison.Ordinal);
        Assert.Contains("sha256WithRSAEncryption", text, StringComparison.Ordinal);
        OpenSsl("x509", "-in", "secureboot/db.crt", "-noout", "-checkend", $"{10 * 365 * 24 * 3600}");
        Assert.Equal(
            OpenSsl("x509", "-in", "secureboot/db.crt", "-noout", "-pubkey"),
            OpenSsl("pkey", "-in", "secureboot/db.key", "-pubout"));
        Assert.Equal(
            OpenSsl("x509", "-in", "secureboot/db.crt", "-noout", "-fingerprint"),
            OpenSsl("x509", "-inform", "DER", "-in", "secureboot/db.der", "-noout", "-fingerprint"));

        var before = Contents();
        var again = Run();
        Assert.Equal(before, Contents());
        Assert.Contains($"kept  {Bsroot.SecureBootKey}", again, StringComparison.Ordinal);
        Assert.DoesNotContain("made", again.Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_not_finished_is_and_a_key_that_is_kept_elsewhere_is_not_made_anew()
    {
        Run();
        var key = File.ReadAllText(Bsroot.SecureBootKey);
        File.Delete(Bsroot.SecureBootCertificate);
        Assert.Contains($"made  {Bsroot.SecureBootCertificate}", Run(), StringComparison.Ordinal);
        Assert.Equal(key, File.ReadAllText(Bsroot.SecureBootKey));
        Assert.Equal(
            OpenSsl("x509", "-in", "secureboot/db.crt", "-noout", "-fingerprint"),
            OpenSsl("x509", "-inform", "DER", "-in", "secureboot/db.der", "-noout", "-fingerprint"));

        File.Delete(Bsroot.SecureBootKey);
        Assert.Contains($"not here  {Bsroot.SecureBootKey}", Run(), StringComparison.Ordinal);
        Assert.False(File.Exists(Bsroot.SecureBootKey));
    }

    [Fact]
    public void What_cannot_be_used_stays_and_is_named()
    {
        Run();
        _directory.Write("secureboot/db.key", "no key");
        File.Delete(Bsroot.SecureBootCertificate);
        var (exitCode, _, error) = Try();
        Assert.Equal(ExitCode.Configuration, exitCode);
        Assert.Contains("secureboot/db.key: cannot be read as an RSA key", error, StringComparison.Ordinal);
    }

    private string[] Contents() =>
        [.. new[] { Bsroot.SecureBootKey, Bsroot.SecureBootCertificate }.Select(File.ReadAllText)];

    private string OpenSsl(params string[] arguments) => Tests.Pki.OpenSsl.Run(_directory.Path, arguments);

    private string Run()
    {
        var (exitCode, output, error) = Try();
        Assert.Equal((ExitCode.Success, ""), (exitCode, error));
        return output;
    }

    private (int ExitCode, string Output, string Error) Try()
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exitCode = CommandLine.Create().Parse(["secureboot", "keys", "--bsroot", _directory.Path])
            .Invoke(new() { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }
}
