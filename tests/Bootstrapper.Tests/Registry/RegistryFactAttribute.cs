using System.Runtime.CompilerServices;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Registry;

/// <summary>A test that needs docker-registry and skopeo.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RegistryFactAttribute : FactAttribute
{
    public RegistryFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = "docker-registry or skopeo is not installed";
        SkipType = typeof(ExternalTools);
        SkipUnless = nameof(ExternalTools.DockerRegistryAndSkopeoPresent);
    }
}
