using Bootstrapper.Boot.Diagnosis;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Boot;

public sealed class SignedFilesTests
{
    [Fact]
    public void Machines_without_Secure_Boot_have_none() =>
        Assert.Null(SignedFiles.Of(Sample.Node() with { Boot = Boot("k", "i") }, Sample.Cluster()));

    /// <summary>That shim let a kernel start shows by its initial RAM disk, which must be ours, too.</summary>
    [Theory]
    [InlineData("debian/vmlinuz", "debian/initrd.img", "/debian/vmlinuz")]
    [InlineData("/debian/vmlinuz", "http://127.0.0.1/debian/initrd.img", "/debian/vmlinuz")]
    [InlineData("debian/vmlinuz", "http://10.0.0.9/initrd.img", null)]
    [InlineData("http://10.0.0.9/vmlinuz", "debian/initrd.img", null)]
    [InlineData("debian/vmlinuz", null, null)]
    public void A_kernel_is_told_by_the_path_at_which_we_have_it(string kernel, string? initrd, string? path)
    {
        var node = Sample.Node() with { SecureBoot = SecureBoot.Shim, Boot = Boot(kernel, initrd) };
        Assert.Equal(path, SignedFiles.Of(node, Sample.Cluster(node))!.Kernel);
    }

    private static BootSettings Boot(string kernel, string? initrd) =>
        new() { Kernel = kernel, Initrd = initrd is null ? [] : [initrd] };
}
