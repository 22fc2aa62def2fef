using Bootstrapper.Backups;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Backups;

/// <summary>Backups that age and gpg encrypted: whoever has the file and not the key has nothing.</summary>
[Trait("Category", "Slow")]
public sealed class SealTests : IDisposable
{
    private readonly BackupFixture _fixture = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task With_age_the_secret_key_opens_it_and_no_other()
    {
        var (key, recipient) = await AgeKeyAsync("mine.key");
        var (other, _) = await AgeKeyAsync("other.key");
        await File.WriteAllTextAsync(_fixture.At("recipients"), $"# operators\n{recipient}\n", Cancellation);
        foreach (var seal in new[] { new Seal([recipient], [], []), new Seal([], [_fixture.At("recipients")], []) })
        {
            var backup = await _fixture.BackUpAsync("backup.age", seal);
            Assert.Equal(Bsroot.SecretFile, File.GetUnixFileMode(backup));
            Assert.Contains((await BackupFixture.VerifyAsync(backup, key)).Manifest.Files, file => file.Path == "ca.key");
            await _fixture.RefusesAsync(backup, "cannot be decrypted with", other);
            await _fixture.RefusesAsync(backup, "is encrypted with age: name the file with its secret key");
            await _fixture.RefusesAsync(backup, "there is no such file", _fixture.At("absent"));
            await CutAndAlteredAsync(backup, key);
        }

        File.SetUnixFileMode(key, Bsroot.PublicFile);
        await _fixture.RefusesAsync(_fixture.At("backup.age"), "can be read by others: chmod 600", key);
        File.SetUnixFileMode(key, Bsroot.SecretFile);
        await _fixture.RestoreAsync(_fixture.At("backup.age"), key);
        Assert.True(File.Exists(_fixture.Elsewhere.CaKey));
    }

    [Theory]
    [InlineData("")]
    [InlineData("correct horse")]
    public async Task With_OpenPGP_likewise_and_the_passphrase_stands_beside_the_key(string passphrase)
    {
        var (key, mine) = await OpenPgpKeyAsync("mine", passphrase);
        var (other, _) = await OpenPgpKeyAsync("other", passphrase: "");
        var backup = await _fixture.BackUpAsync("backup.gpg", new Seal([], [], [mine]));
        Assert.Contains((await BackupFixture.VerifyAsync(backup, key)).Manifest.Files, file => file.Path == "ca.key");
        await _fixture.RefusesAsync(backup, "cannot be decrypted with", other);
        await _fixture.RefusesAsync(backup, "is encrypted with OpenPGP");
        await _fixture.RefusesAsync(backup, "is not a secret key of OpenPGP", (await AgeKeyAsync("age.key")).File);
        await CutAndAlteredAsync(backup, key);
        if (passphrase.Length > 0)
        {
            var file = _fixture.At("mine.passphrase");
            File.SetUnixFileMode(file, Bsroot.PublicFile);
            await _fixture.RefusesAsync(backup, $"{file} can be read by others: chmod 600", key);
            Bsroot.Write(file, "incorrect", Bsroot.SecretFile);
            await _fixture.RefusesAsync(backup, $"cannot be unlocked with the passphrase in {file}", key);
            File.Delete(file);
            await _fixture.RefusesAsync(backup, $"is locked with a passphrase: write it into {file}, mode 0600", key);
            Bsroot.Write(_fixture.At("mine.passphrase"), passphrase, Bsroot.SecretFile);
        }

        await _fixture.RestoreAsync(backup, key);
        Assert.True(File.Exists(_fixture.Elsewhere.CaKey));
    }

    [Fact]
    public async Task A_key_that_is_none_is_named_and_no_file_is_left()
    {
        var bad = _fixture.At("bad.asc");
        await File.WriteAllTextAsync(bad, "no key", Cancellation);
        foreach (var seal in new[] { new Seal(["age1wrong"], [], []), new Seal([], [bad], []), new Seal([], [], [bad]) })
        {
            var failure = await Assert.ThrowsAnyAsync<IOException>(() => _fixture.BackUpAsync("backup", seal));
            Assert.Matches("age1wrong|bad.asc", failure.Message);
            Assert.False(Path.Exists(_fixture.At("backup")));
            Assert.Empty(Directory.EnumerateFiles(_fixture.At(""), ".*.partial"));
        }
    }

    private async Task CutAndAlteredAsync(string backup, string key)
    {
        var whole = await File.ReadAllBytesAsync(backup, Cancellation);
        byte[] altered = [.. whole];
        altered[whole.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(_fixture.At("altered"), altered, Cancellation);
        await _fixture.RefusesAsync(_fixture.At("altered"), "damaged or cut off", key);
        await File.WriteAllBytesAsync(_fixture.At("cut"), whole[..(whole.Length / 2)], Cancellation);
        await _fixture.RefusesAsync(_fixture.At("cut"), "damaged or cut off", key);
    }

    private async Task<(string File, string Recipient)> AgeKeyAsync(string name)
    {
        var said = await RealProgram.RunAsync("age-keygen", ["-o", _fixture.At(name)]);
        return (_fixture.At(name), said.Trim().Split(' ')[^1]);
    }

    private async Task<(string Secret, string Public)> OpenPgpKeyAsync(string name, string passphrase)
    {
        var home = Directory.CreateDirectory(
            _fixture.At($"{name}.home"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        var (secret, shown) = (_fixture.At($"{name}.key"), _fixture.At($"{name}.asc"));
        string[] options = ["--homedir", home, "--batch", "--pinentry-mode", "loopback", "--passphrase", passphrase];
        await RealProgram.RunAsync("gpg", [.. options, "--quick-generate-key", $"{name}@example.com", "default", "default", "0"]);
        await RealProgram.RunAsync("gpg", [.. options, "--output", secret, "--export-secret-keys"]);
        await RealProgram.RunAsync("gpg", [.. options, "--armor", "--output", shown, "--export"]);
        await RealProgram.RunAsync("gpgconf", ["--homedir", home, "--kill", "gpg-agent"]);
        File.SetUnixFileMode(secret, Bsroot.SecretFile);
        if (passphrase.Length > 0)
        {
            Bsroot.Write(_fixture.At($"{name}.passphrase"), passphrase, Bsroot.SecretFile);
        }

        return (secret, shown);
    }
}
