using Bootstrapper.Tests.Docs;

namespace Bootstrapper.Tests.Program;

/// <summary>The registry as a docker engine uses it, with the commands of docs/container-images.md as they stand there.</summary>
public sealed class DockerTests : RackTests
{
    private const string Registry = "bootstrapper:5000";

    [DockerFact]
    public async Task It_logs_in_and_pushes_as_documented_and_pulls_without_a_login()
    {
        Rack.Describe([new RackNode(1)]);
        await using var program = await StartAsync();
        await using var engine = await DockerEngine.StartAsync(Rack.Machines, Registry, Rack.Bsroot.CaCertificate);
        engine.Write("alice.operator", await File.ReadAllTextAsync(Rack.Bsroot.AdminToken, Cancellation));
        engine.Write("files/hello", "from the rack");
        await engine.OutputOfAsync("tar --create --directory files . | docker import - hello");

        var pushed = await engine.OutputOfAsync(ContainerImagesPage.Commands("docker"));

        var pulled = await engine.OutputOfAsync($"""
            docker logout {Registry} > /dev/null
            docker image rm hello {Registry}/hello > /dev/null
            docker pull {Registry}/hello
            """);
        var digest = pulled.Split('\n').Single(line => line.StartsWith("Digest: ", StringComparison.Ordinal));
        Assert.Contains(digest["Digest: ".Length..], pushed, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAnyAsync<Exception>(
            () => engine.OutputOfAsync($"docker push {Registry}/hello"));
        Assert.Contains("denied: requested access to the resource is denied", refused.Message, StringComparison.Ordinal);
    }
}
