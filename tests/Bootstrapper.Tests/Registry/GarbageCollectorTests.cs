using Bootstrapper.InForce;
using Bootstrapper.Registry;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Registry;

[Trait("Category", "Slow")]
public sealed class GarbageCollectorTests : RegistryFixture
{
    [RegistryFact]
    public async Task What_no_tag_leads_to_is_freed_and_the_rest_can_still_be_pulled()
    {
        await PushAsync(Layout(new string('a', 1000)), "image:1");
        await PushAsync(Layout("b"), "image:1");
        await PushAsync(Layout("c"), "deep/er/image:2");

        var garbage = await GarbageCollector.CollectAsync(Bsroot, TestContext.Current.CancellationToken);

        Assert.Equal((1, 3), (garbage.Manifests, garbage.Blobs));
        Assert.InRange(garbage.Bytes, 300, 3000);
        await PullAsync("image:1");
        await PullAsync("deep/er/image:2");
        Assert.Equal(new Garbage(0, 0, 0), await GarbageCollector.CollectAsync(Bsroot, TestContext.Current.CancellationToken));
    }

    [RegistryFact]
    public async Task A_list_keeps_the_manifests_of_its_platforms_which_have_no_tags()
    {
        var layout = Path.Combine(Elsewhere, "two");
        OciImage.WriteLayoutOfTwo(layout, name: null, [1], [2]);
        await PushAsync(layout, "two:1");

        Assert.Equal(new Garbage(0, 0, 0), await GarbageCollector.CollectAsync(Bsroot, TestContext.Current.CancellationToken));
        await PullAsync("two:1");
    }

    /// <summary>A cluster that was installed with it asks for it when a new node joins.</summary>
    [RegistryFact]
    public async Task What_nodes_were_told_by_digest_stays_when_its_tag_moves_on()
    {
        var layout = Layout("a");
        await PushAsync(layout, "image:1");
        var old = OciImage.DigestIn(layout);
        ImageDigests.None.With(new Dictionary<string, string> { ["image:1"] = old }).Write(Bsroot);
        await PushAsync(Layout("b"), "image:1");

        Assert.Equal(new Garbage(0, 0, 0), await GarbageCollector.CollectAsync(Bsroot, TestContext.Current.CancellationToken));
        await PullAsync($"image@{old}");
    }

    [RegistryFact]
    public async Task An_image_that_was_loaded_by_its_digest_is_no_garbage()
    {
        var content = OciImage.WriteLayout(InImages("a"), name: null, [1]);
        Directory.Delete(InImages("a"), recursive: true);
        OciImage.WriteLayout(InImages("a"), $"quay.io/a@{content}", [1]);
        Assert.True(await new Preload(Bsroot, Cluster, Client, Password, new PreloadStatus(), Loggers.CreateLogger("preload"))
            .RunAsync(TestContext.Current.CancellationToken));

        Assert.Equal(new Garbage(0, 0, 0), await GarbageCollector.CollectAsync(Bsroot, TestContext.Current.CancellationToken));
        await PullAsync($"quay.io/a@{content}");
    }

    [RegistryFact]
    public async Task An_empty_registry_has_no_garbage()
    {
        Assert.Equal(new Garbage(0, 0, 0), await GarbageCollector.CollectAsync(Bsroot, TestContext.Current.CancellationToken));
    }

    private Task PushAsync(string layout, string name) =>
        SkopeoAsync(
            "copy", "--all", "--preserve-digests", "--dest-cert-dir", Certificates, $"oci:{layout}", $"docker://{Server}/{name}");

    private Task PullAsync(string name) =>
        SkopeoAsync(
            "copy",
            "--all",
            "--src-cert-dir",
            Certificates,
            $"docker://{Server}/{name}",
            $"dir:{Path.Combine(Elsewhere, Path.GetRandomFileName())}");
}
