namespace Puppylog.Query.Execution.Groups;

/// <summary>A growing array of one state per group; its growth is charged to the query.</summary>
/// <param name="memory">The budget.</param>
/// <param name="size">Bytes of an element, about.</param>
sealed class GroupArray<T>(QueryMemory memory, int size)
    where T : struct
{
    public T[] Items { get; private set; } = [];

    public void Ensure(int count)
    {
        if (count > Items.Length)
        {
            var grown = Math.Max(count, Items.Length + Math.Max(4, Items.Length / 2));
            memory.Charge((grown - Items.Length) * (long)size);
            var items = Items;
            Array.Resize(ref items, grown);
            Items = items;
        }
    }

    /// <summary>Gives the budget back; the array is empty.</summary>
    public void Release()
    {
        memory.Release(Items.Length * (long)size);
        Items = [];
    }
}
