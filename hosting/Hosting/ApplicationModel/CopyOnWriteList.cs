using System.Collections;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A list that may be changed while others read it: every change makes a new array, a reader keeps the one that it began with.</summary>
internal sealed class CopyOnWriteList<T> : IList<T>
{
    private readonly Lock _changing = new();
    private volatile T[] _items = [];

    public int Count => _items.Length;

    public bool IsReadOnly => false;

    public T this[int index]
    {
        get => _items[index];
        set => Change(items => items[index] = value);
    }

    public void Add(T item) => Change(items => items.Add(item));

    public void Insert(int index, T item) => Change(items => items.Insert(index, item));

    public void RemoveAt(int index) => Change(items => items.RemoveAt(index));

    public bool Remove(T item)
    {
        var removed = false;
        Change(items => removed = items.Remove(item));
        return removed;
    }

    public void Clear() => Change(items => items.Clear());

    public int IndexOf(T item) => Array.IndexOf(_items, item);

    public bool Contains(T item) => IndexOf(item) >= 0;

    public void CopyTo(T[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Change(Action<List<T>> change)
    {
        lock (_changing)
        {
            List<T> items = [.. _items];
            change(items);
            _items = [.. items];
        }
    }
}
