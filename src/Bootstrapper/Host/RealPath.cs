namespace Bootstrapper.Host;

/// <summary>Where a path leads in the end, as realpath(3) says it.</summary>
internal static class RealPath
{
    /// <summary>As many as the kernel follows (path_resolution(7)).</summary>
    private const int MostLinks = 40;

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

    /// <summary>
    /// Where something happens when another file comes to stand at a path, or what stands there changes: the directory of each
    /// link on the way, that of the file in the end, and the file itself.
    /// </summary>
    /// <param name="path">From the root on. Where its directory is not there, the next one above it counts.</param>
    public static IEnumerable<string> WayTo(string path)
    {
        var (real, links) = ("/", 0);
        var names = new Stack<string>();
        Push(path);
        while (names.TryPop(out var name))
        {
            var next = Path.GetFullPath(name, real);
            if (new FileInfo(next).LinkTarget is not { } target || ++links > MostLinks)
            {
                real = next;
                continue;
            }

            yield return real;
            real = target is ['/', ..] ? "/" : real;
            Push(target);
        }

        yield return real;
        while (Path.GetDirectoryName(real) is { } directory)
        {
            yield return real = directory;
            if (Directory.Exists(directory))
            {
                break;
            }
        }

        void Push(string further)
        {
            foreach (var name in further.Split('/', StringSplitOptions.RemoveEmptyEntries).AsEnumerable().Reverse())
            {
                names.Push(name);
            }
        }
    }
}
