namespace Bootstrapper.Host;

/// <summary>Where a path leads in the end, as realpath(3) says it.</summary>
internal static class RealPath
{
    /// <param name="path">From the root on. What is not there leads nowhere else.</param>
    /// <exception cref="IOException">Links go in circles.</exception>
    public static string Of(string path)
    {
        var real = "/";
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, name);
            real = new FileInfo(next).LinkTarget is null
                ? next
                : Of(new FileInfo(next).ResolveLinkTarget(returnFinalTarget: true)!.FullName);
        }

        return real;
    }
}
