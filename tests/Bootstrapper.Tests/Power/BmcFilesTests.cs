using Bootstrapper.Cluster;
using Bootstrapper.Power;

namespace Bootstrapper.Tests.Power;

/// <summary>Password files of BMCs, as operators write and mislay them.</summary>
public sealed class BmcFilesTests : IDisposable
{
    private static readonly BmcSettings Bmc = new() { PasswordFile = "bmc/rack-a.password" };

    private readonly BmcBench _bench = new("unused");

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("pass phrase", "pass phrase")]
    [InlineData("pass phrase\n", "pass phrase")]
    [InlineData("pass phrase\r\n", "pass phrase")]
    [InlineData("pass phrase\nwhat it is for\n", "pass phrase")]
    public void The_password_is_the_first_line(string text, string password)
    {
        _bench.Write(Bmc.PasswordFile, text);
        Assert.Equal(password, new BmcFiles(_bench.Bsroot).Password(Bmc));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\nsecret\n")]
    public void A_file_without_one_is_told_of(string text)
    {
        _bench.Write(Bmc.PasswordFile, text);
        AssertRefused("bmc/rack-a.password has no password in its first line");
    }

    [Fact]
    public void A_file_that_is_not_there_is_told_of() => AssertRefused("bmc/rack-a.password is not there");

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherRead)]
    public void A_file_that_others_can_read_is_not_used(UnixFileMode mode)
    {
        _bench.Write(Bmc.PasswordFile, "secret", mode);
        AssertRefused("can be read by other users of this host: chmod 600");
    }

    /// <summary>ipmitool would send the part before it.</summary>
    [Fact]
    public void A_password_with_a_tab_is_refused()
    {
        _bench.Write(Bmc.PasswordFile, "one\ttwo");
        AssertRefused("has a tab or another control character in its first line");
    }

    [Theory]
    [InlineData("admin.token")]
    [InlineData("tls/n1.key")]
    public void A_link_to_a_secret_of_our_own_is_not_followed(string own)
    {
        _bench.Write(own, "secret");
        Directory.CreateDirectory(_bench.Bsroot.At("bmc"));
        File.CreateSymbolicLink(_bench.Bsroot.At(Bmc.PasswordFile), _bench.Bsroot.At(own));
        AssertRefused("leads to what is the bootstrapper's own");
    }

    [Fact]
    public void A_link_out_of_the_data_root_is_not_followed()
    {
        Directory.CreateDirectory(_bench.Bsroot.At("bmc"));
        File.CreateSymbolicLink(_bench.Bsroot.At(Bmc.PasswordFile), "/etc/shadow");
        AssertRefused("leads out of the data root");
    }

    private void AssertRefused(string why)
    {
        var failure = Assert.Throws<PowerException>(() => new BmcFiles(_bench.Bsroot).Password(Bmc));
        Assert.Equal(PowerFailure.NotDescribed, failure.Failure);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }
}
