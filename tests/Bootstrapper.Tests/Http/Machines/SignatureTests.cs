using System.Net;
using Bootstrapper.Tests.Images;
using Bootstrapper.Tests.Matchbox;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Machines;

/// <summary>Detached signatures of what machines are told, checked by the real gpg.</summary>
public sealed class SignatureTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_config_of_matchbox_can_be_had_with_a_signature_of_the_operators_key()
    {
        using var key = SigningKey.Create();
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(), bsroot =>
        {
            MatchboxFixture.Mount(bsroot);
            Bsroot.Write(bsroot.ConfigSigningKey, key.Secret, Bsroot.SecretFile);
        });
        using var client = daemon.From(MatchboxFixture.Stranger);
        foreach (var path in new[] { "/boot.ipxe", "/boot.ipxe.0", "/start.ipxe",
            "/ipxe", "/grub", "/ignition", "/cloud", "/generic", "/metadata" })
        {
            var query = path == "/cloud" ? "region=us-central1" : "os=new";
            var config = await client.GetByteArrayAsync($"{path}?{query}", Cancellation);
            key.AssertSigned(config, await client.GetByteArrayAsync($"{path}.sig?{query}", Cancellation));
            var armoured = await client.GetStringAsync($"{path}.asc?{query}", Cancellation);
            Assert.StartsWith("-----BEGIN PGP SIGNATURE-----\n", armoured, StringComparison.Ordinal);
            key.AssertSigned(config, System.Text.Encoding.ASCII.GetBytes(armoured));
        }

        using var absent = await client.GetAsync("/cloud.sig", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
        Assert.False(Directory.Exists(daemon.Bsroot.At("gnupg")));
    }

    [Fact]
    public async Task A_new_key_signs_without_a_restart_and_a_broken_one_is_told_in_the_log()
    {
        using var key = SigningKey.Create();
        await using var daemon = await TestDaemon.StartAsync(
            Sample.Cluster(),
            bsroot => Bsroot.Write(bsroot.ConfigSigningKey, "no key", Bsroot.SecretFile));
        using var client = daemon.From(MatchboxFixture.Stranger);
        using var failed = await client.GetAsync("/boot.ipxe.sig", Cancellation);
        Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        Assert.Contains(daemon.Log.Lines, line => line.StartsWith("Error: ", StringComparison.Ordinal)
            && line.Contains("holds no secret key that may sign", StringComparison.Ordinal));

        Bsroot.Write(daemon.Bsroot.ConfigSigningKey, key.Secret, Bsroot.SecretFile);
        key.AssertSigned(
            await client.GetByteArrayAsync("/boot.ipxe", Cancellation),
            await client.GetByteArrayAsync("/boot.ipxe.sig", Cancellation));
    }
}
